-- 0005_guest_cookies: a guest's cookie can be made worthless.

-- Of a guest: the number that a cookie must have. It goes up when the guest forgets the cookie.
ALTER TABLE users ADD COLUMN cookie_number INTEGER NOT NULL DEFAULT 0;
