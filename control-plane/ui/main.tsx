import './without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { navigate } from 'wouter/use-browser-location';
import { createQueryClient } from './api/query-client.ts';
import { App } from './app/app.tsx';
import { pages } from './app/pages.ts';
import './app/tokens.css';
import './app/base.css';

const place = document.querySelector('#app');
if (place === null) throw new Error('index.html has no element #app');

const client = createQueryClient(() => {
  if (location.pathname !== '/sign-in')
    navigate(pages.signIn(location.pathname + location.search), { replace: true });
});

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
