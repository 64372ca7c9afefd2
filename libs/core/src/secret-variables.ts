/** Environment variables whose values are never printed. Each has a twin with `_FILE`, which names a file that holds the value. */
export const SECRET_VARIABLES = ['DB_PASSWORD', 'BACKEND_TOKEN', 'CLIENT_PASSWORD'] as const;
export type SecretVariable = (typeof SECRET_VARIABLES)[number];

export const fileVariable = (name: SecretVariable) => `${name}_FILE` as const;
