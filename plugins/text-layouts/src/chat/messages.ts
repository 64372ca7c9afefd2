import type { JsonObject, JsonValue } from '@tracebloc/ingestor-contract';

export interface Message {
  role: string;
  content: string;
}

/** The names of the list of messages, of the speaker and of the text: those of OpenAI, and those of ShareGPT. */
const FORMS = [
  { list: 'messages', role: 'role', content: 'content' },
  { list: 'conversations', role: 'from', content: 'value' },
] as const;

/** The speakers of ShareGPT by the roles that they have elsewhere. */
const ROLES: Readonly<Record<string, string>> = { human: 'user', gpt: 'assistant' };

/** Returns the messages of a line, or `undefined` if it has none, or one of them is not text. */
export function messagesOf(line: JsonObject): Message[] | undefined {
  const form = FORMS.find(({ list }) => Array.isArray(line[list]));
  if (!form) return undefined;
  const messages = (line[form.list] as JsonValue[]).map((one): Message | undefined => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return undefined;
    const [role, content] = [one[form.role], textOf(one[form.content])];
    if (typeof role !== 'string' || content === undefined) return undefined;
    return { role: ROLES[role] ?? role, content };
  });
  return messages.length === 0 || messages.includes(undefined) ? undefined : (messages as Message[]);
}

/** Returns the text of a message, which may be a list of texts. */
function textOf(content: JsonValue | undefined): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content.map((part) => {
    const isText = typeof part === 'object' && part !== null && !Array.isArray(part) && part.type === 'text';
    return isText && typeof part.text === 'string' ? part.text : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join('\n');
}

/** Returns messages as a text: each begins with its role and a colon in a new line. */
export function transcribe(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}
