interface Detail {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

/** The forge will not do it. `status` is REST's; GraphQL says it by `type`. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly Detail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { errors?: readonly Detail[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  /** GraphQL's word for it. */
  get type(): string {
    if (this.status === 404) return 'NOT_FOUND';
    return this.status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE';
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found');

/** GitHub's words for a token that may read and not do this. */
export const notAccessible = (): Refusal => new Refusal(403, 'Resource not accessible by integration');

export const validationFailed = (...errors: Detail[]): Refusal =>
  new Refusal(422, 'Validation Failed', { errors });
