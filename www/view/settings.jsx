/* The settings of the user's own account, in tabs. */
import { useApp } from './context.js';
import { Page } from './page.jsx';
import { AccountTab } from './settings/account.jsx';
import { AppearanceTab } from './settings/appearance.jsx';
import { ProfileTab } from './settings/profile.jsx';
import { SessionsTab } from './settings/sessions.jsx';
import { TokensTab } from './settings/tokens.jsx';
import { Empty } from './states.jsx';
import { watch } from './watch.js';

/** @type {Record<string, { label: string, Tab: import('preact').FunctionComponent, forGuests?: boolean }>} */
const TABS = {
  profile: { label: 'Profile', Tab: ProfileTab },
  account: { label: 'Account', Tab: AccountTab },
  sessions: { label: 'Devices', Tab: SessionsTab },
  tokens: { label: 'Access tokens', Tab: TokensTab },
  appearance: { label: 'Appearance', Tab: AppearanceTab, forGuests: true },
};

/** @param {{ route: { page: 'settings', tab: string } }} props */
export function SettingsPage({ route }) {
  const { identity, router } = useApp();
  const { place, state } = watch(identity);
  const { Tab, forGuests } = TABS[route.tab];
  const needsAccount = state === 'guest' && !forGuests;
  const tabs = Object.entries(TABS).map(([tab, { label }]) => ({
    label,
    current: tab === route.tab,
    to: /** @type {const} */ ({ page: 'settings', tab }),
  }));
  return (
    <Page title="Settings" tabs={tabs}>
      {needsAccount ? (
        <Empty
          action={place?.signup === 'open' ? 'Create an account' : 'Sign in'}
          onAction={() => router.go({ page: place?.signup === 'open' ? 'sign-up' : 'sign-in' })}
        >
          You're here as a guest. Settings are for people with an account.
        </Empty>
      ) : (
        <Tab />
      )}
    </Page>
  );
}
