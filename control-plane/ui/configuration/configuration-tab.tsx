import { useQuery } from '@tanstack/react-query';
import type { ProjectConfiguration } from '../../wire/project.ts';
import type { ProjectRef } from '../api/paths.ts';
import { configurationQuery } from '../api/queries.ts';
import { Answer } from '../elements/answer.tsx';
import { Difference } from '../elements/difference.tsx';
import { Icon } from '../elements/icon.tsx';
import { Moment } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { Fields } from './fields.tsx';
import './configuration-tab.css';

export function ConfigurationTab({ projectRef }: { readonly projectRef: ProjectRef }) {
  const query = useQuery(configurationQuery(projectRef));
  return (
    <Answer query={query} lines={12}>
      {({ spec, conditions, pod }) => (
        <div className="configuration">
          <Conditions conditions={conditions} />
          <section className="stack" aria-label="DbtProject">
            <div>
              <h2>DbtProject</h2>
              <p className="quiet">
                Changed where it was written:{' '}
                <code className="wrap-anywhere">
                  kubectl edit dbtproject {projectRef.project} -n {projectRef.org}
                </code>
              </p>
            </div>
            <Fields of={spec} />
          </section>
          <Pod pod={pod} />
        </div>
      )}
    </Answer>
  );
}

function Conditions({ conditions }: { readonly conditions: ProjectConfiguration['conditions'] }) {
  if (conditions.length === 0)
    return <Notice kind="warned" title="The watcher has not looked at this project yet." />;
  return (
    <ul className="stack" aria-label="Conditions">
      {conditions.map(({ type, status, reason, message, since }) => (
        <li key={type} className="condition">
          <span className={`status ${status === 'True' ? 'status-succeeded' : 'status-failed'}`}>
            <Icon name={status === 'True' ? 'succeeded' : 'failed'} />
            {status === 'True' ? type : `Not ${type.toLowerCase()}`}
          </span>
          <span className="wrap-anywhere">
            {message === '' ? reason : message}{' '}
            <span className="quiet">
              {reason}, since <Moment at={since} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Pod({ pod }: { readonly pod: ProjectConfiguration['pod'] }) {
  return (
    <section className="stack" aria-label="A pod of this project">
      <div>
        <h2>A pod of this project</h2>
        <p className="quiet">As it is written, and as the cluster makes it now.</p>
      </div>
      {'problem' in pod ? (
        <Notice kind="warned" title="The cluster would not make it now.">
          {pod.problem}
        </Notice>
      ) : (
        <Difference before={pod.before} after={pod.after} />
      )}
    </section>
  );
}
