/** The demo is an ordinary client: it does everything through the HTTP API. */
export interface ApiClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
}

const TIMEOUT_MS = 20_000;

class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  constructor(status: number, text: string) {
    super(`the API answered ${status}: ${text}`);
    this.status = status;
  }
}

export function createApiClient(apiUrl: string, token: string): ApiClient {
  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<T> => {
    const response = await fetch(`${apiUrl}/v1${path}`, {
      method,
      headers: { ...more, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(response.status, text);
    return JSON.parse(text) as T;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
  };
}
