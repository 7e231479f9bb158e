"""The ledger in PostgreSQL: whatever several machines share. It is imported only where a database is named.

:mod:`connection` connects and runs the room's statements, which :mod:`dialect` writes as PostgreSQL has them, with
:mod:`rows` as SQLite gives them; :mod:`tls` says how the server is verified, and :mod:`words` what its errors mean.
:mod:`migration` makes a ledger and brings it up to date, :mod:`store` is an open one.

Whoever imports anything of it needs the extra of :mod:`extra`, or gets its ConfigError: here, because each of these
modules may be the first.
"""

from notify.ledger.postgres.extra import need_extra

need_extra()
