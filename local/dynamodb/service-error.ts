import * as z from 'zod';
import type { Body } from './wire.ts';

const dynaliteFailure = z.object({
  statusCode: z.number(),
  body: z.looseObject({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() }),
});

const DYNAMODB = 'com.amazonaws.dynamodb.v20120810#';

/** An error answer of DynamoDB's protocol: `type` is its full wire name, `details` are further fields of the answer. */
export class ServiceError extends Error {
  readonly statusCode: number;
  readonly type: string;
  readonly details: Body;

  constructor(type: string, message: string, details: Body = {}, statusCode = 400) {
    super(message);
    this.name = 'ServiceError';
    this.type = type;
    this.details = details;
    this.statusCode = statusCode;
  }

  /** An error of DynamoDB's own model, by its short name. */
  static of(name: string, message: string, details: Body = {}): ServiceError {
    return new ServiceError(DYNAMODB + name, message, details);
  }

  static validation(message: string): ServiceError {
    return new ServiceError('com.amazon.coral.validate#ValidationException', message);
  }

  static tableNotFound(message = 'Requested resource not found'): ServiceError {
    return ServiceError.of('ResourceNotFoundException', message);
  }

  /** A failure as dynalite states it; everything else is returned unchanged. */
  static from(error: unknown): unknown {
    if (error instanceof ServiceError) return error;
    const { success, data } = dynaliteFailure.safeParse(error);
    if (!success) return error;
    const { __type, message, Message } = data.body;
    return new ServiceError(__type, message ?? Message ?? '', {}, data.statusCode);
  }

  get shortName(): string {
    return this.type.slice(this.type.indexOf('#') + 1);
  }

  with(details: Body): ServiceError {
    return new ServiceError(this.type, this.message, { ...this.details, ...details }, this.statusCode);
  }

  /** Both spellings of `message`: DynamoDB's errors differ in it, and clients read either. */
  toBody(): Body {
    return { __type: this.type, message: this.message, Message: this.message, ...this.details };
  }
}
