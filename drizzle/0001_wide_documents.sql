-- Documents of some kilobytes stay in their rows as they are: compressed and put aside, as is usual from 2 KB on, they
-- cost more to copy and to read than they save.
ALTER TABLE "syft"."account" SET (toast_tuple_target = 8160);--> statement-breakpoint
ALTER TABLE "syft"."contact" SET (toast_tuple_target = 8160);--> statement-breakpoint
ALTER TABLE "syft"."session" SET (toast_tuple_target = 8160);
