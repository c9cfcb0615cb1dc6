/** What is wrong with a file of recorded data: one line for a person. */
export class BadRecording extends Error {
  override readonly name = 'BadRecording';
}
