/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One CUnit program per module: a table of tests, and an exit status that can
 * fail (CU_basic_run_tests() returns 0 with failed assertions).
 */
#ifndef GAITD_SUITE_H
#define GAITD_SUITE_H

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>

/* Runs one suite; the program's exit status. */
static inline int suite_run(const char *name, CU_TestInfo *tests)
{
	CU_SuiteInfo suites[] = {
		{ name, NULL, NULL, NULL, NULL, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned bad;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 99;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS)
		return 99;
	bad = CU_get_number_of_failures() + CU_get_number_of_suites_failed() +
	      CU_get_number_of_tests_failed();
	if (CU_get_number_of_tests_run() == 0)
		bad++;
	CU_cleanup_registry();
	return bad ? 1 : 0;
}

#endif
