import { CostExplorerClient, GetCostAndUsageCommand } from '@aws-sdk/client-cost-explorer';
import { stackTag } from '../../functions/core/our-tag.ts';
import type { Target } from '../target/target.ts';

/** The bill for what carries the tag `project` of the stack. */
export interface Billed {
  /** Absent: AWS did not say; `why` tells. */
  readonly usd?: number;
  readonly why?: string;
}

/** The day after the last of the month: Cost Explorer's end is exclusive. */
function toPeriod(month: string) {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
  return { Start: `${month}-01`, End: next };
}

const refused = ['AccessDeniedException', 'DataUnavailableException', 'BillExpirationException'];

/** One request: AWS bills $0.01 for it. It knows nothing of a tag that the account has not activated for costs. */
export async function readBill(target: Target, month: string): Promise<Billed> {
  // It has an endpoint in us-east-1 alone.
  const client = new CostExplorerClient({ ...target.client, region: 'us-east-1' });
  const command = new GetCostAndUsageCommand({
    TimePeriod: toPeriod(month),
    Granularity: 'MONTHLY',
    Metrics: ['UnblendedCost'],
    Filter: { Tags: { Key: stackTag.key, Values: [stackTag.value] } },
  });
  try {
    const { ResultsByTime = [] } = await client.send(command);
    return { usd: ResultsByTime.reduce((sum, { Total }) => sum + Number(Total?.UnblendedCost?.Amount ?? 0), 0) };
  } catch (error) {
    if (error instanceof Error && refused.includes(error.name)) return { why: `${error.name}: ${error.message}` };
    throw error;
  }
}
