/** What the backend gets for a label: the label itself, or the number of one of 64 hash buckets. */
export type LabelPolicy = 'passthrough' | 'bucket';
