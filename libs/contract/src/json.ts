export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = Record<string, JsonValue>;

/** JSON Schema, draft 2020-12, as plain data. */
export type JsonSchema = JsonObject;
