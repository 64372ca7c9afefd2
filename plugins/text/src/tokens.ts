import { detectTexts, textTask } from '@tracebloc/ingestor-dataset';
import { countTags, TagCheck, TagCount, tagFindings } from './tags.js';

export const tokenClassification = textTask({
  id: 'token_classification',
  title: 'Token classification',
  summary: 'Predicts a tag for each word of a text, such as the names of people and places.',
  form: 'token_tags',
  text: 'The texts, whose words white space separates. The tag of a word is `O`, `B-<type>` or `I-<type>`.',
  row: 'One row for each text: its `filename`, with or without extension, and its label, a tag for each word.',
  label: { use: 'required', statePolicy: false, ownColumn: 'tags' },
  labelCheck: (context) => new TagCheck(context),
  labelCounts: countTags,
  compare: (place) => new TagCount(place),
  findings: tagFindings.list,
  detect: detectTexts({
    isLabelled: true,
    takesTags: true,
    columns: [['text'], ['sentence'], ['tokens'], ['words']],
    judge({ manifest, tags, labels, named }) {
      const own = tags.filter((name) => named === undefined || name === named);
      const [label] = own;
      if (label === undefined) {
        return {
          reason: `${named ?? 'no column of the table'} ${named === undefined ? 'has' : 'does not have'} lists of tags such as O B-PER I-PER`,
          fix: 'Write into a column, for each text, a tag for each of its words, with a space between two tags.',
        };
      }
      const profile = manifest.columns.find(({ name }) => name === label);
      const isLong = profile?.textSql === 'TEXT';
      const others = labels.filter((name) => !tags.includes(name));
      return { fit: others.length > 0 ? 'likely' : 'certain', labels: own, ...(isLong && { schema: [label] }) };
    },
  }),
});
