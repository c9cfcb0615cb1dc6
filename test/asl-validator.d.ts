declare module 'asl-validator' {
  export default function validate(
    definition: unknown,
    options?: { readonly checkPaths?: boolean },
  ): Promise<{ readonly isValid: boolean; readonly errors: readonly unknown[] }>;
}
