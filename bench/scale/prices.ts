/** List prices of us-east-1 in USD. Source: the pricing page of each service on aws.amazon.com, as of 2026-11. */
const transition = 0.025 / 1000; // step-functions/pricing: "$0.025 per 1,000 state transitions", Standard
const lambdaRequest = 0.2 / 1e6; // lambda/pricing

export const toTransitionsUsd = (transitions: number): number => transitions * transition;
export const toInvocationsUsd = (invocations: number): number => invocations * lambdaRequest;
