/** What reads `/proc` can be tested on Linux alone. */
export const isLinux = process.platform === 'linux';
if (!isLinux) console.log('Skipped: what reads /proc, which Linux alone has.');
