import { ButtonLink } from '../elements/button.tsx';
import { Page } from '../elements/page.tsx';
import { pages } from './pages.ts';

export function NotFound() {
  return (
    <Page title="There is no such page" width="text">
      <p>The address is wrong, or what it named is gone.</p>
      <div className="row">
        <ButtonLink to={pages.organizations()}>All organizations</ButtonLink>
      </div>
    </Page>
  );
}
