import { Tags } from 'aws-cdk-lib';
import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Config } from '../config.ts';

/**
 * A public subnet in each zone, placed by AZ id so that the template needs no account; no NAT gateway (its $32 a month are
 * the hidden bill of such systems), S3 through a gateway endpoint, which is free. Nothing may come in. A VPC of one's own
 * is taken as it is.
 */
export class Network extends Construct {
  readonly securityGroupId: string;
  private readonly zones: readonly string[];
  private readonly subnets: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    const own = config.vpcId ? undefined : this.makeVpc(config.zones);
    this.zones = config.zones;
    this.subnets = own?.subnets ?? config.subnets ?? {};
    const securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: 'spot-diffusion workers: nothing in, everything out',
      vpcId: own?.vpcId ?? config.vpcId,
      securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0', description: 'S3, ECR, ECS, logs' }],
    });
    this.securityGroupId = securityGroup.attrGroupId;
  }

  /** The subnet of a zone, or those of all configured zones for `any`. */
  subnetsOf(azId: string): readonly string[] {
    return (azId === 'any' ? this.zones : [azId]).flatMap((zone) => this.subnets[zone] ?? []);
  }

  private makeVpc(zones: readonly string[]) {
    const vpc = new CfnVPC(this, 'Vpc', {
      cidrBlock: '10.83.0.0/16',
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    Tags.of(vpc).add('Name', 'spot-diffusion');
    acknowledge(vpc, {
      'AwsSolutions-VPC7':
        'Flow logs would be billed by the GB that workers download; nothing may come in, and workers hold no data.',
    });
    const gateway = new CfnInternetGateway(this, 'InternetGateway');
    const attached = new CfnVPCGatewayAttachment(this, 'Attachment', {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });
    const routes = new CfnRouteTable(this, 'Routes', { vpcId: vpc.ref });
    const route = new CfnRoute(this, 'Internet', {
      routeTableId: routes.ref,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.ref,
    });
    route.addResourceDependency(attached);
    new CfnVPCEndpoint(this, 'S3', {
      vpcId: vpc.ref,
      serviceName: `com.amazonaws.${vpc.stack.region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [routes.ref],
    });
    const subnets = zones.map((zone, index) => [zone, this.makeSubnet(zone, index, { vpc, routes })]);
    return { vpcId: vpc.ref, subnets: Object.fromEntries(subnets) };
  }

  private makeSubnet(
    zone: string,
    index: number,
    of: { readonly vpc: CfnVPC; readonly routes: CfnRouteTable },
  ): string {
    const subnet = new CfnSubnet(this, `Subnet-${zone}`, {
      vpcId: of.vpc.ref,
      availabilityZoneId: zone,
      cidrBlock: `10.83.${index * 16}.0/20`,
      mapPublicIpOnLaunch: true,
    });
    Tags.of(subnet).add('Name', `spot-diffusion ${zone}`);
    new CfnSubnetRouteTableAssociation(this, `Association-${zone}`, {
      subnetId: subnet.ref,
      routeTableId: of.routes.ref,
    });
    return subnet.ref;
  }
}
