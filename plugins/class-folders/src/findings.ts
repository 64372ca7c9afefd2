import { defineFindings } from '@tracebloc/ingestor-dataset';

export const folderFindings = defineFindings({
  'left-out-files': {
    severity: 'warning',
    meaning: 'Files in the folders of classes are left out, since they have other extensions than such data.',
    fix: 'Convert the files, or move them out of the folders of the classes.',
  },
  'loose-files': {
    severity: 'warning',
    meaning: 'Files beside the folders of the classes are left out, since they have no class.',
    fix: 'Move each file into the folder of its class.',
  },
  'empty-class-folder': {
    severity: 'warning',
    meaning: 'The folder of a class has no file that is read.',
    fix: 'Add files of the class, or remove the folder.',
  },
});
