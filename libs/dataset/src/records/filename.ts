/** The column that names a row's file, unless the configuration names another; see `TaskContext.filename`. */
export const FILENAME = 'filename';
