import { inputFlags, toFlag } from './arguments.ts';
import { drillGrammar } from './drill-flag.ts';

export const helpText = `spot-diffusion: prompts to pictures on the cheapest Spot GPU; here on this machine, without an account.

  npm start                                                   renders the samples of examples/prompts.txt
  npm start -- "a red circle on a blue background"            renders one prompt (several: several arguments)
  npm start -- --prompts-file FILE.txt|.jsonl|.csv            renders a list
  npm start -- plan "a small yellow star"                     ranks the pools and says the cost; renders nothing
  npm start -- serve                                          keeps the endpoint up for any AWS client
  npm start -- resume JOB                                     a new job for what is missing, within the limits of the first
  npm start -- requeue JOB                                    writes and prints the prompts of what is missing
  npm start -- cancel JOB                                     stops it; what is finished stays
  npm start -- watch JOB                                      shows how it goes until its end, whoever started it
  npm start -- --drill "interrupt@3,kill@5" "a star"          rehearses what Spot does to a job (events below)
  npm start -- drill JOB --stack spot-diffusion --yes         on AWS: EC2 takes one of the job's Spot instances back
  npm start -- models list                                    the models, and which of them are here
  npm start -- models import sd-1.5                           weights into the local bucket (token: HF_TOKEN)
  npm start -- prices [--days 7] [--model sdxl] [--json]      Spot prices per pool and image, as a table and out/prices.svg
  npm start -- replay                                         jobs with a deadline on a Spot market, ours beside other policies
  npm start -- replay --availability DIR --hours 6 --deadline 9   the same on recorded availability (<zone>_….json)

Fields of the job: ${inputFlags.map((field) => `--${toFlag(field)}`).join(' ')}
Of this machine:   --wildcards DIR  --out DIR  --state DIR  --json  --port N  --workers N  --prices synthetic|live  --no-color  --help
Of a job on AWS:   --stack NAME with resume, requeue, cancel, watch, drill; credentials and region as the AWS SDK finds them
Of a replay:       --availability DIR | --prices FILE.csv[.gz]  --instance-type g6.xlarge  --hours 6  --deadline 9
                   --changeover-minutes 6  --starts 100  --seed 3  --json

Of --drill:        ${drillGrammar}

Exit codes: 0 every image delivered or nothing to do, 1 the job failed or can't be found, 2 wrong usage, 130 stopped.
`;
