BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE attempt (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	delivery TEXT NOT NULL, 
	fence INTEGER NOT NULL, 
	step TEXT NOT NULL, 
	worker TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	ending TEXT, 
	detail TEXT NOT NULL, 
	cells TEXT NOT NULL
);
INSERT INTO "attempt" VALUES(1,'9ce2d1010c4d8b656a44',1,'started','worker',1740988800000000,NULL,'','[]');
INSERT INTO "attempt" VALUES(2,'9ce2d1010c4d8b656a44',1,'ended','worker',1740988800000000,'sent','250 ok','[]');
CREATE TABLE command (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at BIGINT NOT NULL, 
	word TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	taken BOOLEAN NOT NULL
);
INSERT INTO "command" VALUES(1,1740988800000000,'leave','low_stock',0);
INSERT INTO "command" VALUES(2,1740988800000000,'pause','other',0);
CREATE TABLE delivery (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id TEXT NOT NULL, 
	firing TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	action TEXT NOT NULL, 
	target TEXT NOT NULL, 
	occurrence INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	lane TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	send_after BIGINT, 
	expires_at BIGINT, 
	state TEXT NOT NULL, 
	customer TEXT NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	hold TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	notice BOOLEAN NOT NULL, 
	doubt BOOLEAN NOT NULL, 
	due_at BIGINT NOT NULL, 
	planned_at BIGINT NOT NULL, 
	state_since BIGINT NOT NULL, 
	fence INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	worker TEXT NOT NULL, 
	leased_until BIGINT, 
	sent_at BIGINT, 
	reason TEXT NOT NULL, 
	stopped_by TEXT NOT NULL, 
	UNIQUE (id)
);
INSERT INTO "delivery" VALUES(1,'9ce2d1010c4d8b656a44','14e748de0ee1b543b6ac','low_stock','K-1',1,'at start','note#1','a@example.com',1,'note','mail','{"text":"a"}',NULL,NULL,'sent','',0,'','',0,0,1740988800000000,1740988800000000,1740988800000000,1,1,'worker',NULL,1740988800000000,'250 ok','');
INSERT INTO "delivery" VALUES(2,'cabd60f65dcf7c2e324f','14e748de0ee1b543b6ac','low_stock','K-1',1,'at start','note#1','b@example.com',1,'note','mail','{"text":"b"}',NULL,NULL,'ready','',0,'','',0,0,1740988800000000,1740988800000000,1740988800000000,0,0,'',NULL,NULL,'','');
CREATE TABLE episode (
	rule TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	phase TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	opened_at BIGINT, 
	baseline BOOLEAN NOT NULL, 
	PRIMARY KEY (rule, "key")
)
 WITHOUT ROWID

;
INSERT INTO "episode" VALUES('low_stock','K-1',2,'open',1740988800000000,1740988800000000,0);
INSERT INTO "episode" VALUES('low_stock','K-2',1,'open',1740988800000000,1740988800000000,1);
CREATE TABLE firing (
	id TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	"table" TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	occurrence INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	because TEXT NOT NULL, 
	notice BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "firing" VALUES('14e748de0ee1b543b6ac','low_stock','Stock','K-1',1,'at start',1,1740988800000000,'{"On hand":"9"}',0);
CREATE TABLE follows (
	delivery TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	"before" TEXT NOT NULL, 
	PRIMARY KEY (delivery, position)
)
 WITHOUT ROWID

;
INSERT INTO "follows" VALUES('cabd60f65dcf7c2e324f',0,'9ce2d1010c4d8b656a44');
CREATE TABLE hold (
	id TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	"limit" TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	count INTEGER NOT NULL, 
	decision TEXT NOT NULL, 
	closed BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "hold" VALUES('h1','low_stock','50 emails an hour',1740988800000000,3,'',0);
CREATE TABLE lane (
	lane TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	closed_until BIGINT, 
	detail TEXT NOT NULL, 
	PRIMARY KEY (lane)
);
INSERT INTO "lane" VALUES('mail',0,NULL,'');
CREATE TABLE meta (
	id INTEGER NOT NULL, 
	tick BIGINT NOT NULL, 
	last_tick BIGINT, 
	receipts_seen BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "meta" VALUES(1,3,1740988800000000,0);
CREATE TABLE row_memory (
	"table" TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("table", "key")
);
INSERT INTO "row_memory" VALUES('Stock','K-9','{"table":"Stock","key":"K-9","first_seen":"2025-03-03T08:00:00+00:00","steady_since":"2025-03-03T08:00:00+00:00","settled_at":null,"missing_since":null,"missing_reads":0,"last":{}}');
CREATE TABLE rule_memory (
	rule TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (rule)
);
INSERT INTO "rule_memory" VALUES('low_stock','{"rule":"low_stock","version":"v1","place":{"Stock":3},"state":"on","looked_at":"2025-03-03T08:00:00+00:00","asked":2,"own":[{"table":"Stock","key":"K-1","column":"Low since","before":"","after":"2025-03-03","seen":false}],"unreadable":[],"wakes":{"K-1":["2025-03-03T08:00:00+00:00"]},"table":"Stock","used":{"K-0":4}}');
CREATE TABLE snapshot (
	"table" TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	texts BLOB NOT NULL, 
	PRIMARY KEY ("table", number)
);
CREATE TABLE table_memory (
	"table" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("table")
);
INSERT INTO "table_memory" VALUES('Stock','{"table":"Stock","snapshot":3,"rows":12,"shrunk_since":null,"accepted":false,"broken":""}');
CREATE TABLE timer (
	rule TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	fired INTEGER NOT NULL, 
	fired_at BIGINT, 
	done_at BIGINT, 
	due_at BIGINT, 
	PRIMARY KEY (rule, "key", position)
)
 WITHOUT ROWID

;
INSERT INTO "timer" VALUES('low_stock','K-1',0,'start#1',1,1740988800000000,NULL,NULL);
INSERT INTO "timer" VALUES('low_stock','K-1',1,'1 day after start#1',0,NULL,NULL,1741075200000000);
CREATE INDEX timer_due ON timer (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX command_subject ON command (subject, word);
CREATE INDEX firing_row ON firing (rule, "key");
CREATE INDEX follows_before ON follows ("before");
CREATE INDEX delivery_firing ON delivery (firing);
CREATE INDEX delivery_open ON delivery (state, lane, due_at);
CREATE INDEX delivery_row ON delivery (rule, "key");
CREATE INDEX delivery_sent ON delivery (lane, sent_at);
CREATE INDEX attempt_delivery ON attempt (delivery, number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('delivery',2);
INSERT INTO "sqlite_sequence" VALUES('command',2);
INSERT INTO "sqlite_sequence" VALUES('attempt',2);
COMMIT;
