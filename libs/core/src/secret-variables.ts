/** The environment variables whose values are never printed. `<NAME>_FILE` may name a file that holds the value instead. */
export const SECRET_VARIABLES = ['DB_PASSWORD', 'BACKEND_TOKEN', 'CLIENT_PASSWORD'] as const;
export type SecretVariable = (typeof SECRET_VARIABLES)[number];

export const fileVariable = (name: SecretVariable) => `${name}_FILE` as const;
