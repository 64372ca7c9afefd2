/** What the backend receives for a label: the label itself, or the number of its hash bucket, of which there are 64. */
export type LabelPolicy = 'passthrough' | 'bucket';
