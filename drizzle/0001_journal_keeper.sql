CREATE TABLE "sandport"."journal_keeper" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alive_until" timestamp (3) with time zone NOT NULL
);
