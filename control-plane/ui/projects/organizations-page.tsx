import { useQuery } from '@tanstack/react-query';
import { Link, Redirect } from 'wouter';
import type { Organization } from '../../wire/organization.ts';
import { organizationsQuery } from '../api/queries.ts';
import { pages } from '../app/pages.ts';
import { Answer } from '../elements/answer.tsx';
import { Empty } from '../elements/empty.tsx';
import { Page } from '../elements/page.tsx';
import { Cell, Row, Table } from '../elements/table.tsx';

export function OrganizationsPage() {
  const query = useQuery(organizationsQuery);
  const [first, second] = query.data ?? [];
  if (first !== undefined && second === undefined)
    return <Redirect to={pages.projects(first.name)} replace />;
  return (
    <Page title="Organizations">
      <Answer query={query}>{(organizations) => <Organizations organizations={organizations} />}</Answer>
    </Page>
  );
}

function Organizations({ organizations }: { readonly organizations: readonly Organization[] }) {
  if (organizations.length === 0) {
    return (
      <Empty title="No organization for you yet">
        An organization is a namespace in which dbt Jobs is in charge. Ask who runs dbt Jobs to let you read
        Jobs in yours.
      </Empty>
    );
  }
  return (
    <Table
      caption="Organizations"
      name="organizations"
      columns={[{ label: 'Organization' }, { label: 'Engine' }]}
    >
      {organizations.map(({ name, engine }) => (
        <Row key={name} className="linked">
          <Cell className="wide">
            <Link to={pages.projects(name)} className="row-link wrap-anywhere">
              {name}
            </Link>
          </Cell>
          <Cell className="quiet">{engine}</Cell>
        </Row>
      ))}
    </Table>
  );
}
