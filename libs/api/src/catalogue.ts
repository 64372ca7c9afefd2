import { defineErrors, ExitCode } from '@tracebloc/ingestor-core';

/** The errors that this package throws, besides `InterruptedError`. */
export const API_ERRORS = defineErrors({
  'backend-address': { meaning: 'The address of the backend is not valid.', exitCode: ExitCode.usage },
  'backend-token-malformed': {
    meaning: 'The backend token is empty, or it contains a character that an HTTP header cannot carry.',
    exitCode: ExitCode.usage,
  },
  'proxy-address': { meaning: 'The address of the proxy is not valid.', exitCode: ExitCode.usage },
  'backend-unreachable': { meaning: 'No connection to the backend was made, or it broke before the answer.' },
  'backend-tls': { meaning: 'The TLS connection to the backend failed.' },
  'backend-timeout': { meaning: 'The backend accepted the connection and did not answer in time.' },
  'backend-unavailable': { meaning: 'The backend answered with status 5xx or 429 until the retries ended.' },
  'backend-login-refused': { meaning: 'The backend did not accept CLIENT_ID with CLIENT_PASSWORD.' },
  'backend-no-token': { meaning: 'The backend answered the sign-in with JSON that contains no token.' },
  'backend-unauthorized': { meaning: 'The backend refused a call with status 401, even with a renewed token.' },
  'backend-refused': { meaning: 'The backend refused a call with a status that a repetition does not change.' },
  'backend-redirected': { meaning: 'The backend answered with a redirect, which is not followed.' },
  'backend-not-json': { meaning: 'The answer is not JSON, or an HTML page came instead of an answer of the API.' },
  'backend-answer-too-large': { meaning: 'The headers or the body of an answer are larger than the limit.' },
});
