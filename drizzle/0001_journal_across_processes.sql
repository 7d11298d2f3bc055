CREATE TABLE "sandport"."journal_keeper" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alive_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sandport"."unmatched_request" ADD COLUMN "ended_us" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "exchange_by_end" ON "sandport"."exchange" USING btree ("sandbox_id","closed_us","id");