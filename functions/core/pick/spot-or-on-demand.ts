/** What the choice between Spot and on-demand depends on, once a deadline is set. Seconds. */
export interface Slack {
  /** Rendering that is left, without any start. */
  readonly workSeconds: number;
  readonly untilDeadline: number;
  /** Of an attempt on demand, before its first image. */
  readonly startSeconds: number;
  /** The most that an attempt on Spot takes without an image. */
  readonly wastedSeconds: number;
}

const slackOf = ({ untilDeadline, workSeconds }: Slack) => untilDeadline - workSeconds;

/**
 * 15 % of the work: of the slack, that much is kept for the losses to come. Waiting for Spot costs nothing but slack,
 * and slack is what lets a job go back from on-demand to Spot (two starts each time); who waits until it is all gone stays
 * on demand to the end. Between 0.15 and 0.25 the cost is flat to 1 %, in good and bad regions, for 6 h and for 48 h
 * (docs/decisions/0017); the line of Uniform Progress keeps 0.5 for 6 h in 9 h, which buys on-demand too soon.
 */
const reserveOfWork = 0.15;

const safeSeconds = ({ startSeconds, wastedSeconds }: Slack) => startSeconds + wastedSeconds;

/** Whether Spot may be tried: if it yields nothing, on-demand still meets the deadline. */
export const maySpot = (slack: Slack): boolean => slackOf(slack) >= safeSeconds(slack);

/**
 * No Spot to be had: whether to look again later, at no cost, or to go on demand now.
 * @param lookAgainSeconds until then at most
 */
export function waitOrOnDemand(slack: Slack, lookAgainSeconds: number): 'wait' | 'on-demand' {
  const kept = Math.max(safeSeconds(slack), reserveOfWork * slack.workSeconds);
  return slackOf(slack) - lookAgainSeconds < kept ? 'on-demand' : 'wait';
}
