import { prices } from '../../functions/core/market/service-prices.ts';
import {
  alarms,
  dashboards,
  endpoints,
  functions,
  imagePipelines,
  logGroups,
  noCharge,
  type Pricing,
  perPiece,
} from './charges.ts';
import { freeWhere } from './free-where.ts';

const iam = noCharge('IAM is free');
const network = noCharge('no charge; nothing of it has an address while no instance runs');
const batch = noCharge('AWS Batch itself is free');
const builder = noCharge('Image Builder itself is free');
const policy = noCharge('a policy is free');
const atDeploy = noCharge('runs at deploy alone');
const byUse = (what: string) => noCharge(`paid by ${what}: none while nobody uses it`);

/** What a resource costs while nobody uses it, by type. A type that is not here is an error: nothing slips in unpriced. */
export const priceTable: Readonly<Record<string, Pricing>> = {
  'AWS::Batch::ComputeEnvironment': freeWhere('ComputeResources.MinvCpus', 0, 'scales to no instance'),
  'AWS::Batch::JobDefinition': batch,
  'AWS::Batch::JobQueue': batch,
  'AWS::Budgets::Budget': noCharge('a budget without actions is free'),
  'AWS::CloudWatch::Alarm': alarms,
  'AWS::CloudWatch::Dashboard': dashboards,
  'AWS::CodeBuild::Project': byUse('the minute of a build'),
  'AWS::DynamoDB::Table': freeWhere('BillingMode', 'PAY_PER_REQUEST', 'on demand; what it stores is listed below'),
  'AWS::EC2::InternetGateway': network,
  'AWS::EC2::LaunchTemplate': network,
  'AWS::EC2::Route': network,
  'AWS::EC2::RouteTable': network,
  'AWS::EC2::SecurityGroup': network,
  'AWS::EC2::Subnet': network,
  'AWS::EC2::SubnetRouteTableAssociation': network,
  'AWS::EC2::VPC': network,
  'AWS::EC2::VPCEndpoint': endpoints,
  'AWS::EC2::VPCGatewayAttachment': network,
  'AWS::ECR::Repository': noCharge('what it stores is listed below'),
  'AWS::Events::Rule': noCharge("events of AWS and the clock's are free"),
  'AWS::FIS::ExperimentTemplate': byUse('the minute of an experiment'),
  'AWS::IAM::InstanceProfile': iam,
  'AWS::IAM::ManagedPolicy': iam,
  'AWS::IAM::Policy': iam,
  'AWS::IAM::Role': iam,
  'AWS::ImageBuilder::Component': builder,
  'AWS::ImageBuilder::DistributionConfiguration': builder,
  'AWS::ImageBuilder::ImagePipeline': imagePipelines,
  'AWS::ImageBuilder::ImageRecipe': builder,
  'AWS::ImageBuilder::InfrastructureConfiguration': builder,
  'AWS::KMS::Key': perPiece(prices.kmsKeyMonth, '$1 a key; its rotation adds to it later'),
  'AWS::Lambda::EventInvokeConfig': noCharge('a setting of a function'),
  'AWS::Lambda::Function': functions,
  'AWS::Lambda::LayerVersion': noCharge('stored by Lambda, 75 GB of it free'),
  'AWS::Lambda::Permission': policy,
  'AWS::Lambda::Url': byUse('the call of the function'),
  'AWS::Logs::LogGroup': logGroups,
  'AWS::Logs::MetricFilter': byUse('the hour in which its metric has a value'),
  'AWS::S3::Bucket': noCharge('what it stores is listed below'),
  'AWS::S3::BucketPolicy': policy,
  'AWS::SNS::Subscription': byUse('the message'),
  'AWS::SNS::Topic': byUse('the message'),
  'AWS::SNS::TopicPolicy': policy,
  'AWS::SQS::Queue': byUse('the request'),
  'AWS::SQS::QueuePolicy': policy,
  'AWS::Scheduler::Schedule': byUse('the run, the first 14 million of a month free'),
  'AWS::Scheduler::ScheduleGroup': noCharge('a group is free'),
  'AWS::SecretsManager::Secret': perPiece(prices.secretMonth, '$0.40 a secret'),
  'AWS::StepFunctions::StateMachine': byUse('the state transition'),
  'Custom::CDKContainerImageBuild': atDeploy,
  'Custom::Quota': atDeploy,
  'Custom::ServiceLinkedRole': atDeploy,
};
