import { expect, it } from '@jest/globals';
import { openLayout, withFiles } from '../open.test-support.js';
import { chat } from './layout.js';

const lineOf = (...messages: [role: string, content: unknown][]): string =>
  `${JSON.stringify({ messages: messages.map(([role, content]) => ({ role, content })) })}\n`;

const CHAT = lineOf(['system', 'Be brief.'], ['user', 'Why?\nSay it.'], ['assistant', 'Because.']);

it('makes a prompt of the messages before the last answer', async () => {
  const { rows, texts, findings } = await openLayout(chat, CHAT);
  expect(findings).toEqual([]);
  expect(rows).toEqual([['000000001']]);
  expect(texts).toEqual({ '000000001.txt': 'system: Be brief.\nuser: Why?\nSay it.\tBecause.' });
});

it('makes a transcript, also of a chat without an answer', async () => {
  const { texts } = await openLayout(chat, CHAT + lineOf(['user', 'Hello?']), { options: { text: 'transcript' } });
  expect(Object.values(texts)).toEqual(['system: Be brief.\nuser: Why?\nSay it.\nassistant: Because.', 'user: Hello?']);
});

it('reads chats of ShareGPT, and messages of several texts', async () => {
  const shared = {
    conversations: [
      { from: 'human', value: 'Hi' },
      { from: 'gpt', value: 'Ho' },
    ],
  };
  const parts = lineOf(
    [
      'user',
      [
        { type: 'text', text: 'One' },
        { type: 'text', text: 'two' },
      ],
    ],
    ['assistant', 'Three'],
  );
  const { texts } = await openLayout(chat, `${JSON.stringify(shared)}\n${parts}`);
  expect(Object.values(texts)).toEqual(['user: Hi\tHo', 'user: One\ntwo\tThree']);
});

it('makes spaces of tabs, with a warning', async () => {
  const { texts, findings } = await openLayout(chat, lineOf(['user', 'a\tb'], ['assistant', 'c\td']));
  expect(Object.values(texts)).toEqual(['user: a b\tc d']);
  expect(findings).toMatchObject([{ code: 'tab-in-text', severity: 'warning', row: 1 }]);
});

it.each([
  ['missing-text', '{"messages": []}\n'],
  ['missing-text', '{"messages": "none"}\n'],
  ['missing-text', lineOf(['user', null], ['assistant', 'x'])],
  ['missing-text', lineOf(['user', [{ type: 'image_url' }]], ['assistant', 'x'])],
  ['no-answer', lineOf(['user', 'a'])],
  ['no-answer', lineOf(['assistant', 'a'])],
  ['no-answer', lineOf(['assistant', 'a'], ['user', 'b'])],
  ['not-a-json-object', 'messages\n'],
])('%s: %s', async (code, line) => {
  const { findings, lines } = await openLayout(chat, line + CHAT);
  expect(findings).toMatchObject([{ code, severity: 'error', file: '/data', row: 1 }]);
  expect(lines).toEqual([2]);
});

it('is found in a folder', async () => {
  await withFiles({ 'chats.jsonl': CHAT, 'pairs.jsonl': '{"prompt": "a", "completion": "b"}\n' }, async (folder) => {
    expect(await chat.detect!(folder)).toEqual({
      found: 'JSON lines of chats',
      forms: ['free_texts'],
      train: { path: `${folder}/chats.jsonl`, options: [] },
    });
  });
});
