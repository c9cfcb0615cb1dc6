/** On everything that the stack makes and that takes tags. */
export const stackTag = { key: 'project', value: 'spot-diffusion' } as const;

/** How things that AWS makes for us, and names itself, are known as ours. */
export const ourTag = { key: 'spot-diffusion', worker: 'worker', goldenAmi: 'golden-ami' } as const;
