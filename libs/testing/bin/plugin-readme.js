#!/usr/bin/env node
import { writeFindingsTable } from '../dist/conformance/findings-table.js';

const folder = process.argv[2] ?? '.';
await writeFindingsTable(folder);
