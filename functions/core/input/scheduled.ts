import { z } from 'zod';

/** As EventBridge Scheduler names schedules. */
export const scheduleName = z.string().regex(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, `_`, `.` or `-`');

/** Put into the input by a schedule: which one, and for when. */
export const scheduledSchema = z.strictObject({
  name: scheduleName,
  time: z
    .string()
    .max(40)
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'an ISO time in UTC'),
});

export type Scheduled = Readonly<z.infer<typeof scheduledSchema>>;

/** For the closing of a job that may have been refused: its input was never found right. What is no schedule is none. */
export const anyScheduled = z
  .unknown()
  .optional()
  .transform((value): Scheduled | undefined => scheduledSchema.safeParse(value).data);
