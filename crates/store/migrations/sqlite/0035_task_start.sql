-- Every moved date was written to it once more, and an onboarding's tasks are sorted as fast without it.
DROP INDEX task_start;
