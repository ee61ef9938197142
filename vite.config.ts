import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The web UI: `vite build` writes control-plane/ui/dist, which the control plane serves as it is. */
export default defineConfig({
  root: new URL('control-plane/ui', import.meta.url).pathname,
  plugins: [react()],
  build: {
    target: 'es2023',
    emptyOutDir: true,
    // The CSP allows what the server serves and nothing else: no data: address, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
