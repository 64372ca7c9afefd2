import { defineFindings } from '@tracebloc/ingestor-dataset';

/** What the layouts of JSON lines report. */
export const lineFindings = defineFindings({
  'not-a-json-object': {
    severity: 'error',
    meaning: 'A line of a file of JSON lines is not a JSON object.',
    fix: 'Write each object in one line, as `jq -c` does, and nothing else.',
  },
  'missing-text': {
    severity: 'error',
    meaning: 'A line of pairs or of a chat lacks a text, or has something else in its place.',
    fix: 'Write the text, or remove the line.',
  },
  'no-answer': {
    severity: 'error',
    meaning: 'The last message of a chat is not from the assistant, so that there is nothing to learn from.',
    fix: 'Remove the messages after the last one of the assistant, or the line.',
  },
  'tab-in-text': {
    severity: 'warning',
    meaning:
      'A text of a line has tabs, or line breaks in a pair. They became spaces, since a tab separates the texts.',
    fix: 'Nothing, if a space says the same. Otherwise replace them with what should be stored.',
  },
  'unused-fields': {
    severity: 'warning',
    meaning: 'The lines of pairs have fields that are not used.',
    fix: 'Name the fields to use in `spec.pairs_options.fields`, or ignore the warning.',
  },
});

/** What the layout CoNLL reports. */
export const conllFindings = defineFindings({
  'too-few-columns': {
    severity: 'error',
    meaning: 'A line of a CoNLL file has no tag beside its word.',
    fix: 'Write the word and its tag, with a space or a tab between them, or an empty line between two sentences.',
  },
  'space-in-word': {
    severity: 'error',
    meaning: 'A word of a CoNLL file has a space in it, so that it would become two words with one tag.',
    fix: 'Write the parts in separate lines, each with its tag, or join them, for example with a hyphen.',
  },
});
