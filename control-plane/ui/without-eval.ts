import { config } from 'zod';

// zod would try whether it may compile its schemas with `new Function`; the CSP reports the mere attempt as a violation.
// Imported before any schema: a schema decides when it is made.
config({ jitless: true });
