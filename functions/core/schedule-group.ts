/** The group of people's schedules and of our own timers. */
export const scheduleGroup = 'spot-diffusion';
/** How the names of our own timers begin. */
export const timerPrefix = 'look-again-';
