const perCent = 10_000;

/** `$1.23`, `$0.0123` */
export const toUsd = (amount: number) => `$${amount.toFixed(Math.abs(amount) < 10 ? 4 : 2)}`;

/** Of one image: `0.12 ¢` */
export const toCents = (usd: number) => `${Math.round(usd * 100 * perCent) / perCent} ¢`;

/** `3 h 5 min`, `2 min 10 s`, `1.5 s` */
export function toDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours) return `${hours} h${minutes ? ` ${minutes} min` : ''}`;
  if (minutes) return `${minutes} min${rest ? ` ${rest} s` : ''}`;
  return `${whole} s`;
}

export const toCount = (count: number) => count.toLocaleString('en');

/** `1 image`, `2,000 images` */
export const toPlural = (count: number, noun: string) => `${toCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `use1-az1/g6.xlarge/spot` as people read it */
export function describePool(pool: string): string {
  const [azId = '', instanceType = '', market = ''] = pool.split('/');
  const where = azId === 'any' ? 'any zone' : azId;
  return instanceType ? `${instanceType} in ${where}, ${market === 'spot' ? 'Spot' : 'on demand'}` : pool;
}
