/** How the objects on the way of a page fault are clustered. */
import type { KernelOptions } from '../../../kernel/index.ts';

export interface Form {
  readonly id: string;
  readonly options: KernelOptions;
}

const ALL_SHARED = { 'objects.process': 'shared', 'objects.region': 'shared', 'objects.fcm': 'shared' };
const ALL_OWN = { 'objects.process': 'hart', 'objects.region': 'hart', 'objects.fcm': 'hart' };

export const FORMS: readonly Form[] = [
  { id: 'all shared', options: ALL_SHARED },
  { id: 'process shared', options: { 'objects.process': 'shared' } },
  { id: 'region shared', options: { 'objects.region': 'shared' } },
  { id: 'fcm shared', options: { 'objects.fcm': 'shared' } },
  { id: 'as configured', options: {} },
  { id: 'all per hart', options: ALL_OWN },
  { id: 'adapting', options: { 'objects.adapt': 'on' } },
];
