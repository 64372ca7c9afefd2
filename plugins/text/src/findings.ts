import { defineFindings } from '@tracebloc/ingestor-dataset';

/** What is found about the `tokenizer.json` beside the texts. */
export const tokenizerFindings = defineFindings({
  'tokenizer-too-large': {
    severity: 'error',
    meaning: 'The `tokenizer.json` is larger than 64 MiB, so it was not read.',
    fix: 'Check that it is the right file; if so, leave it out: it is optional.',
  },
  'tokenizer-not-json': {
    severity: 'error',
    meaning: 'The `tokenizer.json` is not valid JSON in UTF-8.',
    fix: 'Save the tokenizer again; `python3 -m json.tool tokenizer.json` names the line of the error.',
  },
  'tokenizer-without-vocabulary': {
    severity: 'error',
    meaning: 'The `tokenizer.json` has no vocabulary in `model.vocab`, or an empty one.',
    fix: 'Save the whole tokenizer with the library `tokenizers`: `tokenizer.save("tokenizer.json")`.',
  },
  'tokenizer-without-pad': {
    severity: 'error',
    meaning: 'The vocabulary of the `tokenizer.json` does not hold `[PAD]`.',
    fix: 'Add it, in the library `tokenizers` with `tokenizer.add_special_tokens(["[PAD]"])`, and save the tokenizer again.',
  },
});
