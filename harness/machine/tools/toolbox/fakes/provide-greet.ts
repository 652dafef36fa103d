import { gzipSync } from 'node:zlib';
import { openToolbox } from '../toolbox.ts';
import { releasedGreet } from './greet.ts';

/** A process of its own that provides the fake tool, for tests of two at once: writes what it found, as JSON. */
const asset = gzipSync('#!/bin/sh\necho "greet 1.2.3"\n');
const toolbox = await openToolbox({ definitions: [releasedGreet('greet.gz', asset)] });
process.stdout.write(JSON.stringify(await toolbox.provide('greet')));
