/** How many random cases a property gets that does not say so itself. A failure prints its seed. */
import fc from 'fast-check';

fc.configureGlobal({ numRuns: process.env['EDDY_DEEP'] ? 1000 : 100 });
