/* The administration pages; each user sees those that their role can use. */
import { useEffect } from 'preact/hooks';
import { tabsFor } from '../model/admin/tabs.js';
import { AuditTab } from './admin/audit.jsx';
import { BansTab } from './admin/bans.jsx';
import { InvitationsTab } from './admin/invitations.jsx';
import { PeopleTab } from './admin/people.jsx';
import { SettingsTab } from './admin/place.jsx';
import { ReportsTab } from './admin/reports.jsx';
import { RoomsTab } from './admin/rooms.jsx';
import { useApp } from './context.js';
import { Page } from './page.jsx';
import { Empty, Loading } from './states.jsx';
import { watch } from './watch.js';

/** @type {Record<string, { label: string, Tab: import('preact').FunctionComponent }>} */
const TABS = {
  people: { label: 'People', Tab: PeopleTab },
  invitations: { label: 'Invitations', Tab: InvitationsTab },
  rooms: { label: 'Rooms', Tab: RoomsTab },
  bans: { label: 'Bans', Tab: BansTab },
  reports: { label: 'Reports', Tab: ReportsTab },
  audit: { label: 'Audit log', Tab: AuditTab },
  settings: { label: 'Settings', Tab: SettingsTab },
};

/** @param {{ route: { page: 'admin', tab: string } }} props */
export function AdminPage({ route }) {
  const { chat, identity, reports, router } = useApp();
  const { needsTotp } = watch(identity);
  const { me, rooms, welcomed } = watch(chat);
  const { label: waiting } = watch(reports);
  const allowed = needsTotp ? [] : tabsFor(me, rooms.values());
  const isAllowed = allowed.includes(route.tab);
  const [first] = allowed;
  useEffect(() => {
    if (!isAllowed && first) router.go({ page: 'admin', tab: first }, { replace: true });
  }, [isAllowed, first]);

  if (!first) {
    return (
      <Page title="Administration">
        {!welcomed ? (
          <Loading />
        ) : needsTotp ? (
          <Empty action="Set up" onAction={() => router.go({ page: 'settings', tab: 'account' })}>
            Admins here need two-factor authentication. Until you turn it on, you have member permissions only.
          </Empty>
        ) : (
          <Empty>Only moderators and admins can see these pages.</Empty>
        )}
      </Page>
    );
  }
  if (!isAllowed) return null; /* on the way to the first one */
  const { Tab } = TABS[route.tab];
  const tabs = allowed.map((tab) => ({
    label: TABS[tab].label,
    current: tab === route.tab,
    note: tab === 'reports' ? waiting : undefined,
    to: /** @type {const} */ ({ page: 'admin', tab }),
  }));
  return (
    <Page title="Administration" tabs={tabs} wide>
      <Tab />
    </Page>
  );
}
