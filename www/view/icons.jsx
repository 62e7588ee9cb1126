/* Line icons on a 20 by 20 grid, in the colour of the text around them. Never the only name of anything. */

/** @param {{ path: string, filled?: boolean }} props */
function Icon({ path, filled = false }) {
  return (
    <svg class={filled ? 'icon icon--filled' : 'icon'} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}

export const HashIcon = () => (
  <Icon path="M7.500 3.500 6 16.500M14 3.500l-1.500 13M3.500 7.500h13.500M3 12.500h13.500" />
);
export const MenuIcon = () => <Icon path="M3 5.500h14M3 10h14M3 14.500h14" />;
export const PeopleIcon = () => (
  <Icon path="M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.500c0-2.800 2.300-4.500 5.500-4.500s5.500 1.700 5.500 4.500M13 9.200a2.700 2.700 0 1 0-.5-5.300M14.800 12.200c1.900.6 3.200 2 3.200 4.300" />
);
export const CloseIcon = () => <Icon path="m5 5 10 10M15 5 5 15" />;
export const SendIcon = () => <Icon filled path="M3.200 3.300 17.600 10 3.200 16.700l1.500-5.500L11 10 4.700 8.800z" />;
export const ClockIcon = () => <Icon path="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.200l2.700 1.600" />;
export const AlertIcon = () => (
  <Icon path="M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 6v5M10 13.800v.2" />
);
export const DownIcon = () => <Icon path="M10 4v12M5 11l5 5 5-5" />;
export const SearchIcon = () => (
  <Icon path="M8.800 14.500a5.700 5.700 0 1 0 0-11.400 5.700 5.700 0 0 0 0 11.400zM13 13l4 4" />
);
export const ArchiveIcon = () => <Icon path="M3 4h14v3.500H3zM4.500 7.500v8.500h11V7.500M8 11h4" />;
export const EditIcon = () => <Icon path="M12.500 4.500l3 3L7 16l-3.700.7L4 13zM10.800 6.200l3 3" />;
export const KeyboardIcon = () => (
  <Icon path="M2.500 5.500h15v9h-15zM5.500 8.500h.1M8.500 8.500h.1M11.500 8.500h.1M14.500 8.500h.1M6.500 11.700h7" />
);
export const SystemIcon = () => <Icon path="M3 4h14v9H3zM7.500 16.500h5M10 13v3.500" />;
export const SunIcon = () => (
  <Icon path="M10 13.200a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM10 2.500v1.700M10 15.800v1.700M2.500 10h1.700M15.800 10h1.700M4.700 4.700l1.200 1.200M14.100 14.100l1.200 1.200M4.700 15.300l1.200-1.200M14.100 5.900l1.200-1.200" />
);
export const MoonIcon = () => (
  <Icon path="M16.500 11.800A6.800 6.800 0 0 1 8.200 3.500a6.800 6.800 0 1 0 8.300 8.300z" />
);
export const BackIcon = () => <Icon path="M16.500 10h-13M9 4.500 3.500 10 9 15.500" />;
export const CheckIcon = () => <Icon path="m4 10.500 4 4 8.500-9" />;
export const CopyIcon = () => <Icon path="M7.500 7.500h9v9h-9zM12.500 7.500v-4h-9v9h4" />;
export const ShowIcon = () => (
  <Icon path="M2 10s3-5.500 8-5.500S18 10 18 10s-3 5.500-8 5.500S2 10 2 10zM10 12.300a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600z" />
);
export const HideIcon = () => (
  <Icon path="M4 4l12 12M8 5c.6-.2 1.300-.3 2-.3 5 0 8 5.300 8 5.300s-.8 1.500-2.300 2.900M5 6.800C3 8.300 2 10 2 10s3 5.500 8 5.500c1.300 0 2.400-.3 3.400-.8M8.300 8.400a2.300 2.300 0 0 0 3.200 3.200" />
);
export const DownloadIcon = () => <Icon path="M10 3.500v9M6 8.800l4 4 4-4M3.500 16.500h13" />;
export const SettingsIcon = () => (
  <Icon path="M3 6h6M13 6h4M3 14h4M11 14h6M11 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z" />
);
export const LeaveIcon = () => <Icon path="M8 3.500H3.500v13H8M8 10h9M13.500 6.500 17 10l-3.500 3.500" />;
export const SmileIcon = () => (
  <Icon path="M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM6.800 11.700c.6 1.300 1.800 2 3.200 2s2.600-.7 3.200-2M7.500 8v.3M12.500 8v.3" />
);
export const KeyIcon = () => (
  <Icon path="M7 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10.500 10H17M15 10v3M12.500 10v2" />
);
export const PhoneIcon = () => <Icon path="M6 2.500h8v15H6zM9 15h2" />;
export const LockIcon = () => <Icon path="M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9" />;
export const MegaphoneIcon = () => <Icon path="M4 8h3l7-4v12l-7-4H4zM7 12.500 8 17h2l-.8-4M16.500 8.500v3" />;
export const MoreIcon = () => (
  <Icon
    filled
    path="M5.500 10a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM11 10a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM16.500 10a1 1 0 1 1-2 0 1 1 0 0 1 2 0z"
  />
);
export const LinkIcon = () => (
  <Icon path="M8.300 11.700a3 3 0 0 0 4.300 0l3-3a3 3 0 0 0-4.300-4.300l-1 1M11.700 8.300a3 3 0 0 0-4.300 0l-3 3a3 3 0 0 0 4.300 4.300l1-1" />
);
export const PlusIcon = () => <Icon path="M10 4v12M4 10h12" />;
export const ChevronIcon = () => <Icon path="m6 8 4 4 4-4" />;
export const StarIcon = () => (
  <Icon path="m10 3 2.200 4.600 5 .7-3.600 3.500.9 5-4.500-2.400-4.500 2.400.9-5L2.800 8.300l5-.7z" />
);
export const BellIcon = () => <Icon path="M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4zM8.500 17h3" />;
export const BellOffIcon = () => (
  <Icon path="M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4zM8.500 17h3M3 3l14 14" />
);
export const TrashIcon = () => (
  <Icon path="M3.500 5.500h13M8 5.500v-2h4v2M5 5.500l.8 11h8.400l.8-11M8.500 8.500v5M11.500 8.500v5" />
);
export const FlagIcon = () => <Icon path="M5 17.500V3.500h10l-2 3.500 2 3.500H5" />;
export const AddPersonIcon = () => (
  <Icon path="M8 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.500 16.500c0-2.800 2.300-4.500 5.500-4.500s5.500 1.700 5.500 4.500M15.500 7v6M12.500 10h6" />
);
export const BlockIcon = () => (
  <Icon path="M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM4.800 4.800l10.400 10.400" />
);
export const ShieldIcon = () => <Icon path="M10 2.800 4 5v5c0 3.600 2.500 6 6 7.300 3.500-1.300 6-3.700 6-7.300V5z" />;
export const SayIcon = () => <Icon path="M3 4h14v9.500H9L5.500 17v-3.500H3z" />;
export const UnreadIcon = () => <Icon path="M3 5h14v10.500H3zM3 5.500l7 5.500 7-5.500" />;
export const UpIcon = () => <Icon path="M10 16V4M5 9l5-5 5 5" />;
export const FolderIcon = () => <Icon path="M3 5h5l1.500 2H17v8.500H3z" />;
export const ListIcon = () => <Icon path="M7 5.500h10M7 10h10M7 14.500h10M3 5.500h.1M3 10h.1M3 14.500h.1" />;
