/**
 * Where the sign-in service sends the browser back to. Services want to know the whole address before, so that the port is a fixed one (of no
 * registered service); the stack names it to its user pool.
 */
export const LOGIN_CALLBACK = { port: 8976, host: 'localhost', path: '/signed-in' } as const;

export const LOGIN_CALLBACK_URL = `http://${LOGIN_CALLBACK.host}:${LOGIN_CALLBACK.port}${LOGIN_CALLBACK.path}`;
