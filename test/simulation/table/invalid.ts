export const named = (name: string, message: string, httpStatusCode: number): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

/** The service's answer to what it does not take. */
export const invalid = (message: string): Error => named('ValidationException', message, 400);
