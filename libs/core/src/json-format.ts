/** How a JSON file is written: `spec.json_options`. */
export interface JsonFormat {
  /** The path of the array of records in the one object of the file, such as `data` or `result.items`. */
  records?: string;
}
